"""Three years of Taizhou, replayed: invented households meet the real rules on a calendar of 2014 to 2017.

What is planted lies in what the departments know and in who pays; nothing of the flow knows of it (ADR 0018).
"""
