"""Commands that install and build, silent unless they fail."""
import pathlib
import subprocess
import sys

from children import Failure

ROOT = pathlib.Path(__file__).resolve().parents[2]


def tell(text):
    print(text, file=sys.stderr, flush=True)


def run(*argv):
    """What the command says is shown only when it fails."""
    argv = [str(a) for a in argv]
    done = subprocess.run(argv, cwd=ROOT, text=True, check=False, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode:
        raise Failure(f'failed: {" ".join(argv)}\n{done.stdout}')


def build(preset, *targets, **settings):
    """`settings` are CMake's variables for this and later builds of the preset."""
    tell(f'building {", ".join(targets)}')
    run('cmake', '--preset', preset, *(f'-D{name}={value}' for name, value in settings.items()))
    run('cmake', '--build', '--preset', preset, '--target', *targets)


def build_tools():
    """The upstream and the client of build/bench, and what they need."""
    run(ROOT / 'scripts/install_packages.sh', 'build', 'bench')
    build('bench', 'mock_upstream', 'load_client')
