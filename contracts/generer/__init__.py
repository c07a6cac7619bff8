"""The public documents of the catalogue, generated from its models and frozen in the project.

JSON Schemas and AsyncAPI come from the models of this package, OpenAPI from the running APIs. A
schema that would break its readers is not written: it needs a new topic version.
"""
