"""How long a way takes, without asking anybody.

A street is 1.3 times as long as the straight line. Up to 2.5 km one walks at 4.5 km/h; further one
takes a bus at 15 km/h and waits 8 minutes.
"""

import math

import numpy as np
import numpy.typing as npt

EARTH_KM = 6371.0088
DETOUR = 1.3
WALK_KM = 2.5
WALK_KM_H = 4.5
RIDE_KM_H = 15.0
WAIT_MINUTES = 8.0

Place = tuple[float, float]
"""Latitude and longitude in degrees."""


def minutes(here: Place, there: Place) -> float:
    """Return the minutes from one place to another; NaN where one is unknown."""
    street = DETOUR * _one_straight_km(here, there)
    if street <= WALK_KM:
        return 60 * street / WALK_KM_H
    return 60 * street / RIDE_KM_H + WAIT_MINUTES


def minutes_from(
    home: Place, lat: npt.NDArray[np.float64], lon: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return the minutes from home to each place (degrees); NaN where the place is unknown."""
    street = DETOUR * _straight_km(home, lat, lon)
    walk = 60 * street / WALK_KM_H
    ride = 60 * street / RIDE_KM_H + WAIT_MINUTES
    return np.where(street <= WALK_KM, walk, ride)


def _one_straight_km(here: Place, there: Place) -> float:
    """Compute for two places what is computed for many below, without arrays."""
    north = math.sin(math.radians(there[0] - here[0]) / 2) ** 2
    east = math.sin(math.radians(there[1] - here[1]) / 2) ** 2
    h = north + math.cos(math.radians(here[0])) * math.cos(math.radians(there[0])) * east
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(h)))


def _straight_km(
    home: Place, lat: npt.NDArray[np.float64], lon: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Great circle by the haversine formula (Sinnott 1984)."""
    north = np.sin(np.radians(lat - home[0]) / 2) ** 2
    east = np.sin(np.radians(lon - home[1]) / 2) ** 2
    h = north + math.cos(math.radians(home[0])) * np.cos(np.radians(lat)) * east
    km: npt.NDArray[np.float64] = 2 * EARTH_KM * np.arcsin(np.minimum(1.0, np.sqrt(h)))
    return km
