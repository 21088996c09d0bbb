"""Charts as SVG, drawn on the server.

No script, no inline style: colours come from `static/css/charts.css` by class, so a chart follows the theme, prints,
and has a table beside it for whoever cannot see it. Series differ by line, mark and hatching as well as by colour.

    chart = Chart("Posts", days, (Series("Published", values), Series("Failed", failed)), kind=Kind.STACKED)
    {{ chart.svg }}
"""

from ndsadmin.charts.chart import Chart, Kind, Series
from ndsadmin.charts.heat import HeatMap
from ndsadmin.charts.spark import sparkline

__all__ = ["Chart", "HeatMap", "Kind", "Series", "sparkline"]
