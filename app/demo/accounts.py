"""The accounts of the demo: who you can be, and one line on what that person comes to do."""

from dataclasses import dataclass

PASSWORD = "samen-doen-is-leuker"


@dataclass(frozen=True, slots=True)
class Account:
    """One invented person; `icon` is a key of `img/icons.svg`."""

    email: str
    name: str
    role: str
    line: str
    icon: str

    @property
    def key(self) -> str:
        """What stands before the @."""
        return self.email.partition("@")[0]


# In the order of the sign-in page.
ACCOUNTS = (
    Account(
        "gent@doemee.example",
        "Noor",
        "Lokale beheerder van Gent",
        "Keurt UiT-evenementen en volgt op wat er nieuw is. Begin hier.",
        "inbox",
    ),
    Account(
        "backup@doemee.example",
        "Milan",
        "Back-upbeheerder van Gent",
        "Neemt over zolang een collega weg is.",
        "away",
    ),
    Account(
        "deinze@doemee.example",
        "Lotte",
        "Lokale beheerder van Deinze",
        "Ziet enkel Deinze, niets van Gent.",
        "inbox",
    ),
    Account(
        "netwerk@doemee.example",
        "Samira",
        "Netwerkmedewerker Regio Gent",
        "Keurt mee in Deinze en ziet het aanbod van de hele streek.",
        "map",
    ),
    Account(
        "organisator@doemee.example",
        "Ines",
        "Organisator bij Bibliotheek Gent-Demo",
        "Publiceert activiteiten, zonder te wachten.",
        "pen",
    ),
    Account(
        "platform@doemee.example",
        "Wannes",
        "Platformbeheerder",
        "Houdt gemeenten, onderwerpen en accounts in orde.",
        "gear",
    ),
    Account(
        "gent2@doemee.example",
        "Hanne",
        "Lokale beheerder van Gent, afwezig deze week",
        "Milan vervangt haar en krijgt haar mails.",
        "calendar",
    ),
)
