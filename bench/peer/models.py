"""The tables that a plan fills, named and constrained as in schema.sql; columns that no plan fills are left out."""

from typing import ClassVar

from django.db import models


class Meeting(models.Model):
    """One meeting, whose items the plan lists."""

    name = models.CharField(max_length=100, unique=True)
    body = models.CharField(max_length=4)
    level = models.CharField(max_length=6)
    term = models.IntegerField()

    class Meta:
        db_table = "meetings"


class Unit(models.Model):
    """One unit."""

    name = models.CharField(max_length=100, unique=True)

    class Meta:
        db_table = "units"


class UnitName(models.Model):
    """One way to write a unit's name, the full name among them: a single look-up finds every unit."""

    unit = models.ForeignKey(Unit, models.CASCADE)
    name = models.CharField(max_length=100, unique=True)

    class Meta:
        db_table = "unit_names"


class Deputy(models.Model):
    """One deputy of one body and term."""

    name = models.CharField(max_length=60, db_index=True)
    body = models.CharField(max_length=4)
    level = models.CharField(max_length=6)
    term = models.IntegerField()

    class Meta:
        db_table = "deputies"
        unique_together = (("body", "level", "term", "name"),)


class Proposal(models.Model):
    """One item."""

    meeting = models.ForeignKey(Meeting, models.RESTRICT, db_index=False)
    kind = models.CharField(max_length=6)
    number = models.CharField(max_length=30, db_index=True)
    title = models.CharField(max_length=300)
    state = models.CharField(max_length=6, default="交办")
    due_on = models.DateField(null=True)
    delegation = models.CharField(max_length=60, default="")

    class Meta:
        db_table = "proposals"
        unique_together = (("meeting", "kind", "number"),)


class Sponsor(models.Model):
    """One signature under an item."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, db_index=False)
    deputy = models.ForeignKey(Deputy, models.RESTRICT)
    role = models.CharField(max_length=4)
    position = models.IntegerField(default=0)

    class Meta:
        db_table = "sponsors"
        unique_together = (("proposal", "deputy"),)


class Assignment(models.Model):
    """One item handed to one unit."""

    proposal = models.ForeignKey(Proposal, models.RESTRICT, db_index=False)
    unit = models.ForeignKey(Unit, models.RESTRICT)
    role = models.CharField(max_length=4)
    state = models.CharField(max_length=6, default="待签收")

    class Meta:
        db_table = "assignments"
        unique_together = (("proposal", "unit"),)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["proposal"], condition=models.Q(role="主办"), name="uq_assignments_one_lead"
            )
        ]
