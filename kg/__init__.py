"""tongbao (通报): a knowledge graph of Chinese official news, each fact with the sentence that says so.

>>> import kg
>>> graph = kg.build(["seeds"], output="exports")  # doctest: +SKIP
>>> graph.query("who-conducted", campaign="守护2号")  # doctest: +SKIP
>>> graph = kg.open("exports")  # doctest: +SKIP
"""

__version__ = "0.1.0"
