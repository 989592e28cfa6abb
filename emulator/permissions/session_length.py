"""How long a session may be ("Methods to assume a role", IAM user guide)."""

DEFAULT_SECONDS = 3600
# For a session requested by a session, whatever the role allows.
CHAINED_SECONDS = 3600


def too_long(asked: str | None, most_seconds: int, chained: bool = False) -> str | None:
    """Why STS refuses a length; None if it does not. @param asked the request's DurationSeconds"""
    seconds = int(asked or DEFAULT_SECONDS)
    if chained and seconds > CHAINED_SECONDS:
        return "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
    if seconds > most_seconds:
        return "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    return None
