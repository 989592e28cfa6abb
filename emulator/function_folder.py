"""The folders that Lambda gives a function: its zip in var/task, its layers in opt, and the runtime's own modules."""

import io
import pathlib
import tempfile
import threading
import zipfile

from moto.awslambda.models import lambda_backends

# Parts of the AWS SDK that the Lambda runtime brings; everything else has to come from the zip or a layer.
RUNTIME_SCOPES = ("@aws-sdk", "@smithy", "@aws-crypto", "@aws")
# Several functions can be called for the first time at one moment.
_linking = threading.Lock()


def make_folder(function, home: pathlib.Path, runtime_modules: pathlib.Path) -> pathlib.Path:
    root = home / "functions"
    _link_runtime(root / "node_modules", runtime_modules)
    folder = pathlib.Path(tempfile.mkdtemp(prefix=f"{function.function_name}-", dir=root))
    _unpack(function.code_bytes, folder / "var" / "task")
    for layer in function.layers:
        version = lambda_backends[function.account_id][function.region].layers_versions_by_arn(layer["Arn"])
        _unpack(version.code_bytes, folder / "opt")
    modules = folder / "opt" / "nodejs" / "node_modules"
    modules.mkdir(parents=True, exist_ok=True)
    # `import` does not look at NODE_PATH: it climbs from var/task, and finds the layer's modules here.
    (folder / "node_modules").symlink_to(modules, target_is_directory=True)
    (folder / "tmp").mkdir()
    return folder


def _link_runtime(modules: pathlib.Path, source: pathlib.Path) -> None:
    """Above all functions, so that Node finds them last."""
    with _linking:
        modules.mkdir(parents=True, exist_ok=True)
        for scope in RUNTIME_SCOPES:
            link = modules / scope
            if (source / scope).exists() and not link.exists():
                link.symlink_to(source / scope, target_is_directory=True)


def _unpack(archive: bytes, folder: pathlib.Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        opened.extractall(folder)
