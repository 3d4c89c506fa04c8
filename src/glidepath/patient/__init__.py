"""Who a plan is for, without names: the person, six answers, and the short risk screen."""
