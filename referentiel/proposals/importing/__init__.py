"""A referential kept elsewhere, in our format, brought as a proposal: nothing of it enters the text otherwise.

``sources`` gives the files of a folder or of a zip, each name and each size checked first; ``reading`` their texts;
``translating`` says what a form would have said of each; ``actions`` gives the report, and the proposal.
"""
