"""A school must agree to receive a leader.

A post p takes nobody unless consent(p) = yes, or unknown where that is accepted. A unit of breach is one placement.
Prospects are not asked yet, and asking is how consent comes: the rule does not speak of them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.rules.consent import REFUSED, UNKNOWN, Consent
from pilotage.domain.prospects import prospects_in
from pilotage.placement.context import Context
from pilotage.placement.rules.traits import ClosesPosts, RuleTraits


def why(rule: Consent, context: Context, table: pd.DataFrame) -> NDArray[np.object_]:
    """Return which posts' schools do not consent, or have not said so yet, shape (posts,)."""
    consent = table["consent"]
    asked = prospects_in(table)
    accepted = ["yes", "unknown"] if rule.accept_unknown else ["yes"]
    codes = np.where((consent == "no").to_numpy(), REFUSED.code, UNKNOWN.code)
    return np.where(consent.isin(accepted).to_numpy() | asked, "", codes).astype(object)


RULES = (RuleTraits((Consent,), "bars", "post", closes=ClosesPosts(why, comes_first=True)),)
