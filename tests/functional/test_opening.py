"""What the console says when the site opens."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from flask import Flask

from referentiel.commands.serve import opening_words
from referentiel.config import Settings
from tests.cast import environment
from tests.patience import patience


def test_without_a_mail_server_the_console_says_where_mails_are(app: Flask, settings: Settings) -> None:
    program = str(Path(sys.executable).with_name("referentiel"))
    surroundings = os.environ | environment(settings) | {"REFERENTIEL_PORT": "0"}
    with (
        patience(),
        subprocess.Popen([program, "serve"], env=surroundings, stdout=subprocess.PIPE, text=True) as opened,
    ):
        assert opened.stdout is not None
        lines = [opened.stdout.readline() for _line in range(2)]
        opened.send_signal(signal.SIGTERM)
    assert "Le référentiel est ouvert" in lines[0]
    assert "REFERENTIEL_SMTP_URL" in lines[1]
    assert str(settings.mail_path) in lines[1]


def test_with_one_it_says_nothing_of_it() -> None:
    assert "SMTP" not in opening_words(Settings(smtp_url="smtp://127.0.0.1:25"))
