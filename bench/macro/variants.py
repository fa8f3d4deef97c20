"""Butter with and without plugins: the configurations that bench/plugins compares."""
import json
import pathlib
import shutil
import subprocess

import proxies
from children import Failure, free_ports

HERE = pathlib.Path(__file__).resolve().parent

BARE = 'bare'
HOOKS = {'nohooks': 0, 'wasm1': 1, 'wasm4': 4}  # of the variants with a module
BUILT_INS = {'metrics': {}, 'requestlog': {}, 'ratelimit': {'requests_per_minute': 1_000_000_000}}
PLUGINS = {'builtins': BUILT_INS, 'guard': {'guard': {}}}
TITLES = {
    BARE: 'no plugins',
    'builtins': 'metrics, requestlog, ratelimit',
    'nohooks': 'a module without hooks',
    'wasm1': 'a module with one hook',
    'wasm4': 'a module with four hooks',
    'guard': 'guard',
}
NAMES = tuple(TITLES)


def build_modules(folder):
    """{variant: its module}."""
    clang = shutil.which('clang-19') or shutil.which('clang')
    linker = shutil.which('wasm-ld-19') or shutil.which('wasm-ld')
    if not clang or not linker:
        raise Failure('clang-19 and lld-19 are not installed')
    modules = {}
    for variant, hooks in HOOKS.items():
        modules[variant] = folder / f'{variant}.wasm'
        subprocess.run([clang, '--target=wasm32', '-O2', '-mbulk-memory', '-nostdlib',
                        f'-DHOOKS={hooks}', f'-fuse-ld={linker}', '-Wl,--no-entry', '-o',
                        modules[variant], HERE / 'hooks.c'], check=True)
    return modules


def config_of(variant, port, upstream_port, modules, library):
    config = {
        'server': {'address': f'127.0.0.1:{port}', 'workers': 1},
        'providers': {'openai': {'base_url': f'http://127.0.0.1:{upstream_port}/v1',
                                 'keys': [{'key': 'test'}]}},
        'routing': {'default_provider': 'openai'},
        'plugins': PLUGINS.get(variant, {}),
    }
    if variant in modules:
        config['wasm'] = {'library': str(library)}
        config['wasm_plugins'] = [{'name': variant, 'path': str(modules[variant])}]
    return config


def start(variant, setup, modules, library):
    """A gateway of this kind, ready for traffic."""
    (port,) = free_ports(1)
    path = setup.folder / f'{variant}-{port}.yaml'
    # JSON is YAML.
    path.write_text(json.dumps(config_of(variant, port, setup.upstream_port, modules, library)))
    return proxies.launch(setup, variant, [setup.butter, '--config', path], [port])
