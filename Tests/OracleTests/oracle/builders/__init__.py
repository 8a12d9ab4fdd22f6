"""Tables written straight from the bit tables, to prove the walkers before they judge the product."""
