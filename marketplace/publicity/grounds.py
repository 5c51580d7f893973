"""On what ground what is in publicity is objected to: another for a price, a sharing plan, a lead and a reward."""

from marketplace.publicity.models import Objection, Publicity

Ground, Matter = Objection.Ground, Publicity.Matter
OF_A_PRICE = (Ground.RIGHTS, Ground.PROCEDURE, Ground.PRICE, Ground.COLLUSION, Ground.OTHER)
GROUNDS: dict[str, tuple[Objection.Ground, ...]] = {
    Matter.SALE_RESULT: OF_A_PRICE,
    Matter.AGREED_PRICE: OF_A_PRICE,
    Matter.TRIAL_PRICE: OF_A_PRICE,
    Matter.DISTRIBUTION: (Ground.PERSONS, Ground.SHARES, Ground.RIGHTS, Ground.PROCEDURE, Ground.OTHER),
    Matter.LEAD: (Ground.FIRST, Ground.PROCEDURE, Ground.COLLUSION, Ground.OTHER),
    Matter.REWARD: (Ground.FIRST, Ground.AMOUNT, Ground.PROCEDURE, Ground.COLLUSION, Ground.OTHER),
}


def grounds_of(publicity: Publicity) -> list[tuple[str, str]]:
    """Return the grounds somebody chooses from, as (code, words)."""
    return [(ground.value, str(ground.label)) for ground in GROUNDS[publicity.matter]]
