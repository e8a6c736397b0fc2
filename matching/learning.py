"""The estimators behind the learned score: rising curves, and a regression that starts from what was believed before.

Together they make an additive, monotone model: each criterion has its own curve of straight lines, none of which
falls. With few outcomes the curves stay near the prior ones; with many, the outcomes decide.
"""

# scikit-learn names the samples X and ships no types.
# ruff: noqa: N803, N806
# mypy: allow-subclassing-any

from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.pipeline import make_pipeline
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

__all__ = ["RisingSteps", "ShrunkLogisticRegression", "make_pipeline"]

Floats = npt.NDArray[np.float64]


class RisingSteps(TransformerMixin, BaseEstimator):
    """Split each feature into equal stretches; each column says how far its stretch has been walked, from 0 to 1.

    A weighted sum of the columns is a curve of straight lines between the ends of the stretches; it rises wherever
    the weights are not negative.

    Args:
        stretches: How many a feature.
        limits: Least and greatest value of all features; None takes each feature's own from the data.

    Attributes:
        edges_: Ends of the stretches, shape (features, stretches + 1).
    """

    def __init__(self, stretches: int = 4, limits: tuple[float, float] | None = None) -> None:
        self.stretches = stretches
        self.limits = limits

    def fit(self, X: Any, y: Any = None) -> Self:
        """Find the ends of the stretches; ``X`` has shape (samples, features), ``y`` is ignored."""
        X = validate_data(self, X, dtype=float)
        limits = (X.min(axis=0), X.max(axis=0)) if self.limits is None else self.limits
        low, high = (np.broadcast_to(limit, X.shape[1]) for limit in limits)
        self.edges_ = np.linspace(low, np.where(high > low, high, low + 1), self.stretches + 1).T
        return self

    def transform(self, X: Any) -> Floats:
        """Return shape (samples, features × stretches), a feature's stretches side by side."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=float, reset=False)
        begin, end = self.edges_[:, :-1], self.edges_[:, 1:]
        return np.asarray(np.clip((X[:, :, None] - begin) / (end - begin), 0, 1).reshape(len(X), -1))


class ShrunkLogisticRegression(ClassifierMixin, BaseEstimator):
    """Logistic regression whose coefficients start from prior ones and leave them as far as the data ask.

    It finds the most probable coefficients if each was believed to be normally distributed around its prior value.

    Args:
        prior: Coefficients believed in before, shape (features,); None for zeros.
        prior_intercept: The same for the intercept.
        spread: Standard deviation of that belief for a coefficient; the smaller, the more outcomes it takes.
        intercept_spread: The same for the intercept.
        positive: Keep coefficients at 0 or above.

    Attributes:
        classes_: The two classes, the second being the one that is predicted.
        coef_: Shape (1, features).
        intercept_: Shape (1,).
    """

    def __init__(
        self,
        prior: Floats | None = None,
        prior_intercept: float = 0.0,
        spread: float = 1.0,
        intercept_spread: float = 10.0,
        positive: bool = False,
    ) -> None:
        self.prior = prior
        self.prior_intercept = prior_intercept
        self.spread = spread
        self.intercept_spread = intercept_spread
        self.positive = positive

    def __sklearn_tags__(self) -> Any:
        """Two classes only."""
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit to samples (samples, features), classes (samples,) and weights (samples,).

        Raises:
            ValueError: There are not exactly two classes.
        """
        X, y = validate_data(self, X, y, dtype=float)
        check_classification_targets(y)
        weights = _check_sample_weight(sample_weight, X)
        self.classes_, classes = np.unique(y, return_inverse=True)
        if len(self.classes_) != 2:
            raise ValueError(f"Only binary classification is supported; there is {len(self.classes_)} class in y")
        prior = np.zeros(X.shape[1]) if self.prior is None else np.asarray(self.prior, dtype=float)
        believed = np.append(prior, self.prior_intercept)
        precision = np.append(np.full(X.shape[1], self.spread**-2.0), self.intercept_spread**-2.0)
        bounds = [(0 if self.positive else None, None)] * X.shape[1] + [(None, None)]
        found = minimize(
            _loss, believed, (X, classes, weights, believed, precision), "L-BFGS-B", jac=True, bounds=bounds,
            options={"maxiter": 1000, "ftol": 1e-12},
        )  # fmt: skip
        self.coef_, self.intercept_ = found.x[None, :-1], found.x[-1:]
        self.n_iter_ = int(found.nit)
        return self

    def decision_function(self, X: Any) -> Floats:
        """Log-odds of the second class, shape (samples,)."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=float, reset=False)
        return np.asarray(X @ self.coef_[0] + self.intercept_[0])

    def predict_proba(self, X: Any) -> Floats:
        """Chances of both classes, shape (samples, 2)."""
        chance = expit(self.decision_function(X))
        return np.column_stack([1 - chance, chance])

    def predict(self, X: Any) -> npt.NDArray[Any]:
        """The likelier class of each sample, shape (samples,)."""
        likely = self.decision_function(X) > 0
        return np.asarray(self.classes_[likely.astype(int)])


def _loss(
    parameters: Floats, X: Floats, classes: npt.NDArray[np.int64], weights: Floats, believed: Floats, precision: Floats
) -> tuple[float, Floats]:
    """Negative log of the posterior, and its gradient."""
    log_odds = X @ parameters[:-1] + parameters[-1]
    away = parameters - believed
    loss = weights @ (np.logaddexp(0, log_odds) - classes * log_odds) + precision @ away**2 / 2
    residual = weights * (expit(log_odds) - classes)
    return float(loss), np.append(residual @ X, residual.sum()) + precision * away
