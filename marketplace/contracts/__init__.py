"""Technology contracts: their amounts, their registration (认定登记) and the working-day clock."""
