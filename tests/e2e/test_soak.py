"""tests/soak for twenty seconds, so that it works when it is wanted, and a large leak is seen."""

from support.soak import Soak, complaints


def test_twenty_seconds(tmp_path):
    figures = Soak(seconds=20, warm_up=8, folder=tmp_path, clients=8).run()
    # In so short a time memory still settles: what is large is a leak for each request.
    assert complaints(figures, most_growth_percent=15) == [], figures
    assert figures["answers"] > 500, figures
    assert figures["left"] > 50, figures
    assert figures["reloads"] >= 40, figures
