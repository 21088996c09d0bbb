"""What content is planned to cost, in US dollars per 1,000 posts (domain.md, Analytics)."""

STEPS = {
    "intent": 10,
    "text": 240,
    "images": 39,
    "embeddings": 1,
    "guards": 30,
    "reranking": 5,
    "classifier": 6,
    "publishing": 1,
}
GENERATION = sum(STEPS.values())
INFRASTRUCTURE = 55


def planned_cost(posts: int) -> float:
    """What ``posts`` posts should have cost to make, in US dollars; without infrastructure."""
    return posts * GENERATION / 1000
