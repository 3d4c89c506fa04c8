"""A benchmark of taper tools: the same cases for every tool, and one scorer built on the checker.

python -m benchmarks.tapertools                         every tool that ships, and the results page
python -m benchmarks.tapertools --adapter 'COMMAND'     a tool of your own, in any language
python -m benchmarks.tapertools.make_cases              write cases.jsonl again after the facts changed
"""
