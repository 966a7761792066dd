"""What is measured, one module each: `run(report, sizes, folder)` prints one or two tables."""
