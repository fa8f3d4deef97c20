"""Where a proxy's time goes, by function."""
import shutil
import subprocess
import sys

import scenarios

_MOST_LINES = 40


def show(running, scenario, tools):
    """Runs the scenario once more under perf, and prints the hottest functions."""
    if not shutil.which('perf'):
        print('perf is not installed', file=sys.stderr)
        return
    data = tools.folder / 'perf.data'
    # On the client's core: perf must not take time from the one that it looks at.
    recorder = tools.children.start(
        ['perf', 'record', '-q', '-F', '4999', '-o', data, '-p', running.pids[0]], tools.core,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    scenarios.measure('perf', running, scenario, tools, 3)
    tools.children.end(recorder)
    told = subprocess.run(
        ['perf', 'report', '-i', str(data), '--stdio', '--no-children', '--percent-limit', '0.3'],
        capture_output=True, text=True, check=False, timeout=60)
    lines = [line for line in told.stdout.splitlines() if line and not line.startswith('#')]
    print(f'\nhottest functions, {scenario.title}')
    print('\n'.join(lines[:_MOST_LINES]))
