"""The rows below in the form of their parent: which there are (`block`, `stored`), how lines are made (`lines`), read
back (`sent`), opened (`opening`), moved without scripts (`moving`) and settled with what others did (`meanwhile`), in
what order they stand (`places`), and how all is written in one save (`writing`).
"""
