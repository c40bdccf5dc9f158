"""Names of months, days, halves of the day and eras, in English, as Java's US locale has them."""

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HALVES = ("AM", "PM")
ERAS = ("BC", "AD")
LONG_ERAS = ("Before Christ", "Anno Domini")
QUARTERS = ("1st quarter", "2nd quarter", "3rd quarter", "4th quarter")


def short(names: tuple[str, ...]) -> tuple[str, ...]:
    """The first three letters of each name."""
    return tuple(name[:3] for name in names)


def narrow(names: tuple[str, ...]) -> tuple[str, ...]:
    """The first letter of each name."""
    return tuple(name[0] for name in names)
