"""Accounts: who may come in, and for how long. What an account may see is said in domain/access/rules.py,
what must hold whenever users are saved in domain/saving/account_guard.py.

1. `passwords`       how they are kept, which are good enough
2. `account_limits`  how long a log-in lasts, how many tries there are: from the settings table
3. `lockout`         when a name or an address has failed too often
4. `login_sessions`  the logged-in browsers
5. `accounts`        log-in, change of password, first passwords, unlocking
6. `unused`          closes accounts that nobody has used for long
7. `roles`           who somebody is to a reader who does not see his account
"""
