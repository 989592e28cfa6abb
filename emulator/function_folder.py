"""A function's folders on Lambda: its zip in var/task, its layers in opt, and the runtime's own modules."""

import hashlib
import io
import pathlib
import tempfile
import threading
import zipfile

from moto.awslambda.models import lambda_backends

# Parts of the AWS SDK that the Lambda runtime includes; everything else must come from the zip or a layer.
RUNTIME_SCOPES = ("@aws-sdk", "@smithy", "@aws-crypto", "@aws")
# Several functions can be called for the first time at the same moment.
_linking = threading.Lock()


def make_folder(function, home: pathlib.Path, runtime_modules: pathlib.Path) -> pathlib.Path:
    root = home / "functions"
    _link_runtime(root / "node_modules", runtime_modules)
    folder = pathlib.Path(tempfile.mkdtemp(prefix=f"{function.function_name}-", dir=root))
    _unpack(function.code_bytes, folder / "var" / "task")
    layers = lambda_backends[function.account_id][function.region].layers_versions_by_arn
    opt = _layers_folder(root, [layers(layer["Arn"]).code_bytes for layer in function.layers])
    (folder / "opt").symlink_to(opt, target_is_directory=True)
    # `import` ignores NODE_PATH: it searches upwards from var/task, and finds the layer's modules here.
    (folder / "node_modules").symlink_to(opt / "nodejs" / "node_modules", target_is_directory=True)
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


def _layers_folder(root: pathlib.Path, archives: list[bytes]) -> pathlib.Path:
    """The merged layers: more than a thousand files, unpacked once for all functions with the same layers."""
    hash = hashlib.sha256(b"".join(hashlib.sha256(archive).digest() for archive in archives)).hexdigest()[:20]
    folder = root / f".layers-{hash}"
    with _linking:
        if not folder.exists():
            beside = pathlib.Path(tempfile.mkdtemp(prefix=".layers-", dir=root))
            for archive in archives:
                _unpack(archive, beside)
            (beside / "nodejs" / "node_modules").mkdir(parents=True, exist_ok=True)
            beside.rename(folder)
    return folder


def _unpack(archive: bytes, folder: pathlib.Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        opened.extractall(folder)
