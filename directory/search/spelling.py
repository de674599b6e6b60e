"""stub"""

import numpy as np


class Vocabulary:
    def __init__(self, words, freq):
        self.words, self.freq = words, freq

    @classmethod
    def compile(cls, words, frequencies):
        return cls(list(words), list(frequencies))

    @classmethod
    def from_arrays(cls, arrays):
        return cls(arrays["blob"].tobytes().decode().split("\n"), arrays["freq"])

    def arrays(self):
        return {
            "blob": np.frombuffer("\n".join(self.words).encode(), dtype=np.uint8),
            "freq": np.array(self.freq, dtype=np.int32),
        }

    def frequency(self, w):
        return 1 if w in self.words else 0

    def correction(self, w):
        return None

    def prefixed(self, p, most):
        return []


class Correction:
    pass
