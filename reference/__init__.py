"""Reference pairs of Gaussians and the oracle: the truth that tests and benchmark compare with."""
