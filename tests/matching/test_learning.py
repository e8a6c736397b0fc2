"""The estimators keep scikit-learn's contract, rise, and start from the prior."""

from typing import Any
from unittest import SkipTest

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

from matching.learning import RisingSteps, ShrunkLogisticRegression


@parametrize_with_checks([RisingSteps(), ShrunkLogisticRegression()])
def test_scikit_learns_own_checks_pass(estimator: Any, check: Any) -> None:
    try:
        check(estimator)
    except SkipTest as skipped:
        # Array libraries other than NumPy are nothing these estimators claim to take.
        if "SCIPY_ARRAY_API" not in str(skipped):
            raise


def samples(count: int, seed: int = 0) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Outcomes that rise with the first feature and fall with the second."""
    rng = np.random.default_rng(seed)
    features = rng.random((count, 2))
    return features, rng.random(count) < 1 / (1 + np.exp(1 - 3 * features[:, 0] + 2 * features[:, 1]))


def test_the_curves_never_fall_whatever_the_outcomes_say() -> None:
    model = make_pipeline(RisingSteps(limits=(0, 1)), ShrunkLogisticRegression(positive=True))
    model.fit(*samples(3000))
    for feature in range(2):
        line = np.full((50, 2), 0.5)
        line[:, feature] = np.linspace(0, 1, 50)
        assert (np.diff(model.decision_function(line)) >= 0).all()


def test_few_outcomes_leave_the_prior_nearly_as_it_was_and_many_replace_it() -> None:
    prior = np.array([1.0, -1.0])
    distance = []
    for count in (4, 1000, 20_000):
        fitted = ShrunkLogisticRegression(prior, spread=0.3).fit(*samples(count))
        distance.append(np.abs(fitted.coef_[0] - [3, -2]).max())
    assert np.abs(ShrunkLogisticRegression(prior, spread=0.3).fit(*samples(4)).coef_[0] - prior).max() < 0.2
    assert distance[0] > distance[1] > distance[2]
    assert distance[2] < 0.2


def test_weights_count_as_repetitions_do() -> None:
    features, outcomes = samples(60)
    weights = np.random.default_rng(1).integers(0, 4, 60)
    weighted = ShrunkLogisticRegression().fit(features, outcomes, weights)
    repeated = ShrunkLogisticRegression().fit(np.repeat(features, weights, axis=0), np.repeat(outcomes, weights))
    assert weighted.coef_ == pytest.approx(repeated.coef_, abs=1e-4)
