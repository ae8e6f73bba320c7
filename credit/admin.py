"""The administration of the registry: nothing yet. Subjects and sanctions are persons' data and are not shown to
administrators; the catalogue of acts joins here together with its table.
"""
