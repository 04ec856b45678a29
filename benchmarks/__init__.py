"""How fast the desk is, as ratios to a floor measured in the same run.

python dev.py bench [NAME...]
"""
