"""The surroundings in which Git runs: nothing of the machine's or the user's, everything said here."""

import os

from referentiel.journal.authors import APPLICATION, DOMAIN

IDENTITY = (APPLICATION, f"application@{DOMAIN}")
TIMEOUT = 20.0
UPSTREAM_TIMEOUT = 60.0

CONFIG = {
    "core.hooksPath": "/dev/null",
    "core.fsync": "all",
    "core.logAllRefUpdates": "always",
    "core.filesRefLockTimeout": "5000",
    "core.packedRefsTimeout": "5000",
    "core.attributesFile": "/dev/null",
    "core.excludesFile": "/dev/null",
    "credential.interactive": "never",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "protocol.ext.allow": "never",
    "transfer.fsckObjects": "true",
}
KEPT = {"GIT_SSH_COMMAND", "GIT_SSH", "GIT_PYTHON_GIT_EXECUTABLE", "GIT_PYTHON_REFRESH"}


def environment() -> dict[str, str]:
    """Variables given to every git process. The configuration is passed here too, so no file can weaken it."""
    name, email = IDENTITY
    given = {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "true",
        "SSH_ASKPASS": "true",
        "GIT_SSH_COMMAND": os.environ.get("GIT_SSH_COMMAND", "ssh -o BatchMode=yes"),
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_COMMITTER_NAME": name,
        "GIT_COMMITTER_EMAIL": email,
        "GIT_AUTHOR_NAME": name,
        "GIT_AUTHOR_EMAIL": email,
        "LC_ALL": "C.UTF-8",
        "LANGUAGE": "C",
        "GIT_CONFIG_COUNT": str(len(CONFIG)),
    }
    for number, (key, value) in enumerate(CONFIG.items()):
        given[f"GIT_CONFIG_KEY_{number}"] = key
        given[f"GIT_CONFIG_VALUE_{number}"] = value
    return given


def forget_inherited_variables() -> None:
    """Take ``GIT_DIR`` and its kin out of this process: GitPython hands its whole environment to git."""
    for name in list(os.environ):
        if name.startswith("GIT_") and name not in KEPT:
            del os.environ[name]
