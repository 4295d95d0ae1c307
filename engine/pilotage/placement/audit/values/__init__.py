"""What pairs are worth, reckoned anew: pair by pair, then in the objective, then what leaders of one school share."""
