"""The two made-up people who open the pages."""

OFFICE_USER, LIAISON_USER = "bench-office", "bench-liaison"
PASSWORD = "Lamp-Mango-2024"
