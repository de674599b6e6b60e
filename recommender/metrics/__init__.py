"""What recommendations are judged by, one measure a file."""

from recommender.metrics.coverage import coverage
from recommender.metrics.diversity import diversity
from recommender.metrics.exposure import gini, share_of
from recommender.metrics.ndcg import ndcg
from recommender.metrics.novelty import novelty

__all__ = ["coverage", "diversity", "gini", "ndcg", "novelty", "share_of"]
