"""What all themes share: a member's figures as columns, paired differences, table cells, charts and words.

A *figure* is a number (a metric of a method under a seed); what is drawn is a *chart*.
"""
