"""The proxies that are compared: each with its configuration, one thread of work, one core."""
import dataclasses
import pathlib
import shutil
import subprocess

from children import Failure, children_of, free_ports, wait_until_listening

HERE = pathlib.Path(__file__).resolve().parent
NAMES = ('direct', 'nginx', 'haproxy', 'butter')

# Servers stand in /usr/sbin, which is not on everybody's path.
_SBIN = '/usr/local/sbin:/usr/sbin:/sbin'


@dataclasses.dataclass
class Running:
    """A proxy that accepts connections."""
    port: int
    stream_port: int  # with settings for streams where the proxy has such; else the same
    pids: list  # the processes that do the work; empty when there is no proxy
    child: object = None


@dataclasses.dataclass
class Setup:
    children: object
    upstream_port: int
    folder: pathlib.Path  # for configurations, logs and temporary files
    core: int
    logs: str  # 'default', 'none' or 'all'
    butter: pathlib.Path


def find(command):
    found = shutil.which(command) or shutil.which(command, path=_SBIN)
    if not found:
        raise Failure(f'{command} is not installed')
    return found


def version_of(name, butter):
    if name == 'direct':
        return ''
    argv = {'nginx': ['nginx', '-v'], 'haproxy': ['haproxy', '-v'],
            'butter': [str(butter), 'version']}[name]
    argv[0] = find(argv[0])
    run = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=10)
    lines = (run.stdout + run.stderr).splitlines()
    return lines[0].strip() if lines else ''


def _render(template, to, **values):
    text = (HERE / template).read_text()
    for name, value in values.items():
        text = text.replace(f'@{name}@', str(value))
    to.write_text(text)
    return to


def start(name, setup):
    """A fresh instance of the proxy, ready for traffic."""
    return {'direct': _direct, 'nginx': _nginx, 'haproxy': _haproxy, 'butter': _butter}[name](setup)


def stop(running, setup):
    if running.child:
        setup.children.end(running.child)


def _direct(setup):
    return Running(setup.upstream_port, setup.upstream_port, [])


def launch(setup, name, argv, ports):
    """Starts a proxy and waits until it listens on these ports; the first is that of JSON."""
    log = setup.folder / f'{name}-{ports[0]}.log'
    with log.open('wb') as output:
        child = setup.children.start(argv, setup.core, stdout=output, stderr=output)
    try:
        for port in ports:
            wait_until_listening(child, port, name)
    except Failure as failure:
        raise Failure(f'{failure}\n{log.read_text()[-2000:]}') from None
    return Running(ports[0], ports[-1], [child.pid], child)


def _nginx(setup):
    ports = free_ports(2)
    folder = setup.folder / f'nginx-{ports[0]}'
    folder.mkdir()
    # Buffered, as Butter's own log is.
    log = 'off' if setup.logs == 'none' else f'{folder}/access.log combined buffer=64k flush=1s'
    config = _render('nginx.conf.in', folder / 'nginx.conf', DIR=folder, LISTEN=ports[0],
                     LISTEN_STREAM=ports[1], UPSTREAM=setup.upstream_port,
                     ACCESS_LOG=f'access_log {log};')
    argv = [find('nginx'), '-p', folder, '-e', folder / 'nginx.error.log', '-c', config]
    running = launch(setup, 'nginx', argv, ports)
    running.pids = children_of(running.child.pid)  # the worker; the master only waits
    return running


def _haproxy(setup):
    ports = free_ports(2)
    # HAProxy cannot buffer a log to a file: it writes each line on its own. So it has none unless
    # asked for, which is to its advantage.
    logs = setup.logs == 'all'
    config = _render('haproxy.cfg.in', setup.folder / f'haproxy-{ports[0]}.cfg', LISTEN=ports[0],
                     LISTEN_STREAM=ports[1], UPSTREAM=setup.upstream_port,
                     LOG='log stdout format raw local0' if logs else '',
                     LOG_FORMAT='log global\n  option httplog' if logs else '')
    return launch(setup, 'haproxy', [find('haproxy'), '-db', '-f', config], ports)


def _butter(setup):
    ports = free_ports(1)
    config = _render('butter.yaml.in', setup.folder / f'butter-{ports[0]}.yaml', LISTEN=ports[0],
                     UPSTREAM=setup.upstream_port,
                     REQUEST_LOG='' if setup.logs == 'none' else '  requestlog: {}')
    return launch(setup, 'butter', [setup.butter, '--config', config], ports)
