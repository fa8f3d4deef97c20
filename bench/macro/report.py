"""Medians, ratios and budgets, as a table for people and as JSON for machines."""
import dataclasses
import statistics

import scenarios

PEERS = ('nginx', 'haproxy')


@dataclasses.dataclass(frozen=True)
class Budget:
    """Most that Butter may cost: `factor` times the peer's figure, or `extra` more than it; without
    a peer, `extra`. `beside` names another scenario that the peer's figure is of."""
    scenario: str
    metric: str
    peer: str = ''
    factor: float = 1.0
    extra: float = 0.0
    beside: str = ''

    @property
    def text(self):
        if not self.peer:
            return f'<= {self.extra:g}'
        if self.extra:
            return f'<= {self.peer} + {self.extra:g}'
        return f'<= {self.factor:g}x {self.peer} {self.beside}'.strip()


_JSON = ('json_1k_32', 'json_1k_256', 'json_16k_32')
BUDGETS = (
    *(Budget(name, 'cpu_us_per_request', 'haproxy', 0.9) for name in _JSON),
    *(Budget(name, 'cpu_us_per_request', 'nginx', 0.8) for name in _JSON),
    Budget('latency_1', 'p50_us', 'nginx', extra=20),  # direct's share is in both
    Budget('stream', 'cpu_us_per_chunk', 'nginx'),
    Budget('translated_stream', 'cpu_us_per_chunk', 'butter', 1.5, beside='stream'),
    Budget('memory', 'idle_mib', extra=8),
    Budget('memory', 'kib_per_stream', extra=12),
)


class Results:
    """{scenario: {metric: {proxy: [figure of each round]}}}"""

    def __init__(self):
        self.figures = {}

    def add(self, scenario, proxy, figures):
        for metric, figure in figures.items():
            of_metric = self.figures.setdefault(scenario, {}).setdefault(metric, {})
            of_metric.setdefault(proxy, []).append(figure)

    def _rounds(self, scenario, metric, proxy):
        return self.figures.get(scenario, {}).get(metric, {}).get(proxy, [])

    def median(self, scenario, metric, proxy):
        rounds = self._rounds(scenario, metric, proxy)
        return statistics.median(rounds) if rounds else None

    def ratio(self, scenario, metric, peer, beside=''):
        """Median over the rounds of butter/peer: the runs of a round stand next to each other in
        time, so that a slow minute of the machine weighs on both."""
        pairs = zip(self._rounds(scenario, metric, 'butter'),
                    self._rounds(beside or scenario, metric, peer))
        ratios = [ours / theirs for ours, theirs in pairs if theirs]
        return statistics.median(ratios) if ratios else None

    def figure_of(self, budget):
        """': 1.12' where the table has no column for the ratio."""
        if not budget.beside:
            return ''
        ratio = self.ratio(budget.scenario, budget.metric, budget.peer, budget.beside)
        return '' if ratio is None else f': {ratio:.2f}'

    def verdict(self, budget):
        """'PASS', 'MISS', or '' when something was not measured."""
        ours = self.median(budget.scenario, budget.metric, 'butter')
        theirs = self.median(budget.beside or budget.scenario, budget.metric, budget.peer)
        if ours is None or (budget.peer and theirs is None):
            return ''
        if not budget.peer:
            kept = ours <= budget.extra
        elif budget.extra:
            kept = ours <= theirs + budget.extra
        else:
            ratio = self.ratio(budget.scenario, budget.metric, budget.peer, budget.beside)
            kept = ratio <= budget.factor
        return 'PASS' if kept else 'MISS'


def _number(value, digits):
    return '' if value is None else f'{value:,.{digits}f}'


def _budgets_of(results, scenario, metric):
    told = []
    for budget in BUDGETS:
        if (budget.scenario, budget.metric) == (scenario, metric):
            told.append(f'{budget.text}{results.figure_of(budget)} '
                        f'{results.verdict(budget)}'.strip())
    return '; '.join(told)


def rows(results, proxies):
    """The table: a head, then for each scenario its title alone, and its metrics."""
    yield ['', *proxies, *(f'butter/{peer}' for peer in PEERS), 'budget']
    for scenario in scenarios.ALL:
        if scenario.name not in results.figures:
            continue
        yield [scenario.title]
        for name, metric in scenario.metrics.items():
            medians = (results.median(scenario.name, name, p) for p in proxies)
            yield [metric.title, *(_number(m, metric.digits) for m in medians),
                   *(_number(results.ratio(scenario.name, name, peer), 2) for peer in PEERS),
                   _budgets_of(results, scenario.name, name)]
        if scenario.name == 'latency_1' and 'direct' in proxies:
            yield from _added(results, scenario, proxies)


def _added(results, scenario, proxies):
    for name, metric in scenario.metrics.items():
        direct = results.median(scenario.name, name, 'direct')
        added = [None if p == 'direct' else results.median(scenario.name, name, p) for p in proxies]
        yield [f'added {metric.title}',
               *(_number(a if a is None else a - direct, metric.digits) for a in added),
               *('' for _ in PEERS), '']


def plain(results, proxies):
    table = list(rows(results, proxies))
    columns = len(table[0])
    width = [max(len(row[i]) for row in table if len(row) == columns) for i in range(columns)]
    lines = []
    for row in table:
        if len(row) == 1:
            lines += ['', row[0]]
            continue
        cells = [f'  {row[0]:<{width[0]}}']
        cells += [f'{cell:>{w}}' for cell, w in zip(row[1:-1], width[1:-1])]
        lines.append('  '.join([*cells, row[-1]]).rstrip())
    return '\n'.join(lines)


def markdown(results, proxies):
    table = list(rows(results, proxies))
    columns = len(table[0])
    lines = ['| ' + ' | '.join(table[0]) + ' |', '|---|' + '---:|' * (columns - 2) + '---|']
    for row in table[1:]:
        if len(row) == 1:
            row = [f'**{row[0]}**', *[''] * (columns - 1)]
        lines.append('| ' + ' | '.join(row) + ' |')
    return '\n'.join(lines)


def as_json(results, proxies, machine):
    budgets = [{'scenario': b.scenario, 'metric': b.metric, 'budget': b.text,
                'verdict': results.verdict(b)} for b in BUDGETS]
    medians, ratios = {}, {}
    for scenario, metrics in results.figures.items():
        medians[scenario] = {m: {p: results.median(scenario, m, p) for p in proxies}
                             for m in metrics}
        ratios[scenario] = {m: {p: results.ratio(scenario, m, p) for p in PEERS} for m in metrics}
    return {'machine': machine, 'medians': medians, 'butter_to_peer': ratios,
            'budgets': budgets, 'rounds': results.figures}
