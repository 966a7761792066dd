"""What a new database starts with: reference data, and a demo district. Data in .csv files here."""
