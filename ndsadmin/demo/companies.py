"""The companies of the demo: what they are called, what they sell, how they sound."""

from dataclasses import dataclass, field

from tenants.enums import AccountStatus, SubscriptionStatus, Tier


@dataclass(frozen=True, slots=True)
class Company:
    name: str
    domain: str
    owner: str
    tier: Tier
    pace: float  # generations a working day
    palette: tuple[str, ...]
    typeface: str
    tagline: str
    products: tuple[str, ...]
    lines: tuple[str, ...]
    platforms: tuple[str, ...]
    shares_skills: bool = True
    status: AccountStatus = AccountStatus.ACTIVE
    subscription: SubscriptionStatus = SubscriptionStatus.ACTIVE
    avoid: tuple[str, ...] = field(default=("cheap", "bargain"))

    @property
    def slug(self) -> str:
        return self.domain.split(".")[0]


COMPANIES = (
    Company(
        "Next Day Steel Ltd", "nextdaysteel.example", "Margaret Hale", Tier.ENTERPRISE, 13.0,
        ("#12355b", "#e8871e", "#f2f4f7"), "Barlow Semi Condensed", "Cut today, on site tomorrow",
        ("Rebar", "Mesh A393", "Cut and bent bar"),
        ("Rebar cut to size, on site tomorrow.", "Mesh sheets in stock: A142 to A393.",
         "Order by four, pour by ten.", "Every bar tagged, every bundle weighed.",
         "Your schedule slipped? Ours did not."),
        ("linkedin", "twitter", "facebook", "instagram"),
    ),
    Company(
        "Harbour Glass", "harbourglass.example", "Hugo Lund", Tier.STANDARD, 6.0,
        ("#0f4c5c", "#9ad1d4", "#fefefe"), "Work Sans", "Light, cut to measure",
        ("Roof lanterns", "Structural glazing"),
        ("A roof lantern that opens the kitchen to the sky.", "Glass that keeps the view and the warmth.",
         "From template to installation in nine days."),
        ("linkedin", "instagram", "twitter"),
    ),
    Company(
        "Oakline Joinery", "oaklinejoinery.example", "Rosa Whitfield", Tier.STANDARD, 5.0,
        ("#5b3a1e", "#d9b382", "#faf6f0"), "Lora", "Made to be leaned on",
        ("Sash windows", "Staircases"),
        ("Sash windows that slide as they did in 1890.", "A staircase is the first thing you touch each day.",
         "Oak, ash or beech: come and knock on it."),
        ("instagram", "facebook", "linkedin"),
    ),
    Company(
        "Brightwell Foods", "brightwellfoods.example", "Dev Patel", Tier.STANDARD, 7.0,
        ("#8c6edd", "#ec4664", "#59efb6"), "Montserrat", "Lunch worth stopping for",
        ("Grain bowls", "Cold soups"),
        ("Three grains, one bowl, no hurry.", "Cold soup for the week that forgot it was autumn.",
         "Order before ten, eat at noon."),
        ("instagram", "facebook", "twitter"),
        subscription=SubscriptionStatus.PAST_DUE,
    ),
    Company(
        "Cobalt Cycles", "cobaltcycles.example", "Ingrid Vos", Tier.STANDARD, 6.0,
        ("#0047ab", "#ffcc00", "#101820"), "Archivo", "Further, on less",
        ("Cargo bikes", "Commuters"),
        ("The school run, without the queue.", "Two wheels, two children, one double bass.",
         "Service in the street where you live."),
        ("instagram", "twitter", "facebook"),
    ),
    Company(
        "Fenland Seeds", "fenlandseeds.example", "Tom Ashby", Tier.FREE, 2.0,
        ("#33691e", "#c5e1a5", "#fffde7"), "Nunito", "Sow early, wait well",
        ("Heritage wheat", "Clover"),
        ("Clover between the rows: less weeding, more bees.", "Wheat that your great-grandfather would know."),
        ("facebook", "twitter"),
        shares_skills=False,
    ),
    Company(
        "Marlow Ceramics", "marlowceramics.example", "Celia Ward", Tier.STANDARD, 4.0,
        ("#b5651d", "#f5e6d3", "#2f2f2f"), "Cormorant", "Thrown by hand, fired twice",
        ("Stoneware", "Tiles"),
        ("Forty-one glazes, and one we cannot repeat.", "Tiles that look better with a chip."),
        ("instagram", "facebook"),
    ),
    Company(
        "Northgate Dental", "northgatedental.example", "Dr Samuel Okoro", Tier.STANDARD, 3.0,
        ("#00796b", "#e0f2f1", "#ffffff"), "Open Sans", "Kind to teeth, and to people",
        ("Check-ups", "Aligners"),
        ("A check-up takes twenty minutes. Worrying takes longer.", "Evening appointments on Tuesdays."),
        ("facebook", "linkedin"),
        status=AccountStatus.SUSPENDED,
        subscription=SubscriptionStatus.CANCELED,
    ),
    Company(
        "Tidewater Logistics", "tidewaterlogistics.example", "Annika Berg", Tier.ENTERPRISE, 10.0,
        ("#102a43", "#f0b429", "#f0f4f8"), "IBM Plex Sans", "The last mile, first",
        ("Container haulage", "Cold chain"),
        ("From quay to shelf in one paper trail.", "Cold chain, measured every ninety seconds.",
         "Customs cleared while you sleep."),
        ("linkedin", "twitter"),
    ),
    Company(
        "Juniper & Rye", "juniperandrye.example", "Callum Reid", Tier.STANDARD, 5.0,
        ("#2d4739", "#e0b1cb", "#fdfaf6"), "Playfair Display", "Small stills, long evenings",
        ("Dry gin", "Rye whisky"),
        ("Nine botanicals and no secrets.", "The rye is ready. So is the fire."),
        ("instagram", "facebook", "twitter"),
    ),
    Company(
        "Beacon Energy Advice", "beaconenergy.example", "Fatima Noor", Tier.STANDARD, 4.0,
        ("#f57c00", "#263238", "#eceff1"), "Source Sans", "Warmer for less",
        ("Heat pumps", "Insulation surveys"),
        ("A survey finds what a bill hides.", "Heat pumps: what they cost, what they save, what they sound like."),
        ("linkedin", "facebook", "twitter"),
    ),
    Company(
        "Larkspur Books", "larkspurbooks.example", "Edith Monk", Tier.FREE, 2.0,
        ("#4a148c", "#ffeb3b", "#fafafa"), "Libre Baskerville", "Stay for one more chapter",
        ("Novels", "Reading evenings"),
        ("Thursday at seven: the author, the cat and you.", "A shelf of books that end well."),
        ("twitter", "instagram", "facebook"),
        shares_skills=False,
    ),
)  # fmt: skip

FIRST_NAMES = ("Ada", "Ben", "Chiara", "Daniel", "Elif", "Femi", "Grace", "Hanna", "Isaac", "Jana", "Kofi", "Lena",
               "Mateo", "Nadia", "Oscar", "Priya", "Quentin", "Rhea", "Stefan", "Tara")  # fmt: skip
LAST_NAMES = ("Abbott", "Barnes", "Costa", "Dunne", "Eriksen", "Fraser", "Gupta", "Holm", "Ivanova", "Jones", "Keane",
              "Lindqvist", "Moreau", "Novak", "Osei", "Price", "Quinn", "Rossi", "Shaw", "Tanaka")  # fmt: skip
CAMPAIGNS = ("autumn-launch", "trade-week", "winter-ready", "open-day")
