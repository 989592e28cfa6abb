"""Settings of a function that moto 5.2.1 accepts and does not keep."""

from moto.awslambda.models import LambdaFunction

KEPT = ("DeadLetterConfig", "KMSKeyArn")


def keep_settings() -> None:
    create, update, read = (
        LambdaFunction.__init__,
        LambdaFunction.update_configuration,
        LambdaFunction.get_configuration,
    )

    def __init__(self, account_id, spec, region, version=1):
        create(self, account_id, spec, region, version)
        self.kept = {name: spec[name] for name in KEPT if spec.get(name)}

    def update_configuration(self, config_updates):
        self.kept.update({name: config_updates[name] for name in KEPT if name in config_updates})
        return update(self, config_updates)

    def get_configuration(self, on_create=False):
        return {**read(self, on_create), **getattr(self, "kept", {})}

    LambdaFunction.__init__ = __init__
    LambdaFunction.update_configuration = update_configuration
    LambdaFunction.get_configuration = get_configuration


def dead_letter_target(function) -> str | None:
    return function.kept.get("DeadLetterConfig", {}).get("TargetArn")
