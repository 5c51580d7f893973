"""How the sample house is reached: everything invented, and seen to be."""

from cms.demo.houses import World
from cms.portal.contact import ContactFacts


def make_contact(world: World) -> None:
    """Enter a number nobody has and an address of the domain for examples."""
    facts = {
        "telephone": "0577-0000 0000（样例）",
        "email": "transfer@example.cn",
        "address": "温州市瓯海区样例路 0 号",
        "address_en": "No. 0 Sample Road, Ouhai, Wenzhou",
        "hours": "工作日 8:30–12:00，14:00–17:30",
        "hours_en": "Working days 8:30–12:00, 14:00–17:30",
    }
    ContactFacts.objects.update_or_create(pk=1, defaults=facts)
