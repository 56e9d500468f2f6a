"""The egg that scrapyd runs: three packages, their data, and where the settings are.

Packages are named one by one: tests and benchmarks stay out, and nothing else of the folder slips
in.  scrapyd does not install requirements from an egg, so none are declared here.
"""

from setuptools import find_packages, setup

setup(
    name="svcsat-crawler",
    version="0.1.0",
    packages=find_packages(include=["svcsat_crawler*", "spiders*", "pipelines*"]),
    package_data={"svcsat_crawler": ["*.toml", "**/*.toml", "**/*.json", "**/*.LICENSE"]},
    python_requires=">=3.11",
    entry_points={"scrapy": ["settings = svcsat_crawler.settings"]},
    zip_safe=True,
)
