"""URL functions, which read URLs as Java's `java.net.URI` does."""

from headrace.engine.functions.definition import Family
from headrace.engine.functions.java_uri import decode_form, encode_form, parse_uri

family = Family("URL")

_URL = "'https://docs.io:8080/a%20b/c?x=1&y=a%20b&z#top'"


@family.scalar(
    "URL_DECODE_PARAM(value STRING) -> STRING", examples=(("URL_DECODE_PARAM('%3Ffoo+%24bar')", "?foo $bar"),)
)
def url_decode_param(text: str) -> str:
    """Decodes a form-encoded value, as in the query of a URL."""
    return decode_form(text)


@family.scalar(
    "URL_ENCODE_PARAM(value STRING) -> STRING",
    can_fail=False,
    examples=(("URL_ENCODE_PARAM('?foo $bar')", "%3Ffoo+%24bar"),),
)
def url_encode_param(text: str) -> str:
    """Encodes a value for the query of a URL; a space becomes "+", as ksqlDB does it in spite of its documentation."""
    return encode_form(text)


@family.scalar("URL_EXTRACT_FRAGMENT(url STRING) -> STRING", examples=((f"URL_EXTRACT_FRAGMENT({_URL})", "top"),))
def url_extract_fragment(url: str) -> str | None:
    """Returns what follows the "#" of a URL."""
    return parse_uri(url).fragment


@family.scalar("URL_EXTRACT_HOST(url STRING) -> STRING", examples=((f"URL_EXTRACT_HOST({_URL})", "docs.io"),))
def url_extract_host(url: str) -> str | None:
    """Returns the host name of a URL."""
    return parse_uri(url).host


@family.scalar("URL_EXTRACT_PATH(url STRING) -> STRING", examples=((f"URL_EXTRACT_PATH({_URL})", "/a b/c"),))
def url_extract_path(url: str) -> str | None:
    """Returns the path of a URL, decoded."""
    return parse_uri(url).path


@family.scalar("URL_EXTRACT_PORT(url STRING) -> INT", examples=((f"URL_EXTRACT_PORT({_URL})", "8080"),))
def url_extract_port(url: str) -> int | None:
    """Returns the port of a URL, if it names one."""
    return parse_uri(url).port


@family.scalar("URL_EXTRACT_PROTOCOL(url STRING) -> STRING", examples=((f"URL_EXTRACT_PROTOCOL({_URL})", "https"),))
def url_extract_protocol(url: str) -> str | None:
    """Returns the protocol of a URL."""
    return parse_uri(url).scheme


@family.scalar("URL_EXTRACT_QUERY(url STRING) -> STRING", examples=((f"URL_EXTRACT_QUERY({_URL})", "x=1&y=a b&z"),))
def url_extract_query(url: str) -> str | None:
    """Returns the query of a URL, decoded."""
    return parse_uri(url).query


@family.scalar(
    "URL_EXTRACT_PARAMETER(url STRING, param_name STRING) -> STRING",
    examples=((f"URL_EXTRACT_PARAMETER({_URL}, 'y')", "a b"), (f"URL_EXTRACT_PARAMETER({_URL}, 'z')", "")),
)
def url_extract_parameter(url: str, name: str) -> str | None:
    """Returns the value of a parameter in the query of a URL; a parameter without a value gives an empty text."""
    query = parse_uri(url).query
    if query is None:
        return None
    for pair in query.split("&"):
        key, _, value = pair.partition("=")
        if key == name:
            return value
    return None
