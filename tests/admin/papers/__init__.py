"""Tests of admin/papers."""
