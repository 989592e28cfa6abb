"""CloudTrail: trails that are named by their ARN, and whether they select events. No event is recorded here."""

import json

from moto.cloudtrail.models import CloudTrailBackend, Trail
from moto.cloudtrail.responses import CloudTrailResponse


def close() -> None:
    description = Trail.description

    def description_with_selectors(self, include_region: bool = False) -> dict:
        selects = bool(self.event_selectors or self.advanced_event_selectors)
        return {**description(self, include_region), "HasCustomEventSelectors": selects}

    Trail.description = description_with_selectors
    CloudTrailResponse.describe_trails = describe_trails
    CloudTrailBackend.start_logging = lambda self, name: self.get_trail(name).start_logging()
    CloudTrailBackend.stop_logging = lambda self, name: self.get_trail(name).stop_logging()
    CloudTrailBackend.delete_trail = lambda self, name: self.trails.pop(self.get_trail(name).trail_name)


def describe_trails(self) -> str:
    """Only those that the request names, if it names some."""
    wanted = self._get_param("trailNameList")
    found = self.cloudtrail_backend.describe_trails(self._get_bool_param("includeShadowTrails", True))
    asked = [trail for trail in found if not wanted or {trail.arn, trail.trail_name} & set(wanted)]
    return json.dumps({"trailList": [trail.description(include_region=True) for trail in asked]})
