"""S: can every caller get to an end, and does every outcome lead somewhere?"""
