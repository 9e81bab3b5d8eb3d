"""S: does every call reach an end, and does every outcome lead somewhere?"""
