"""What makes a class an estimator to scikit-learn, without importing scikit-learn, which takes a second."""

from __future__ import annotations

import inspect
from typing import Any, Self

__all__ = ["Estimator", "not_fitted"]


class Estimator:
    """A class whose constructor keeps each of its parameters in an attribute of the same name."""

    @classmethod
    def _get_param_names(cls) -> list[str]:
        return sorted(name for name in inspect.signature(cls.__init__).parameters if name != "self")

    def get_params(self, deep: bool = True) -> dict[str, object]:
        """Parameters by their names; none of them is an estimator itself, so `deep` makes no difference."""
        return {name: getattr(self, name) for name in self._get_param_names()}

    def set_params(self, **params: object) -> Self:
        """Change parameters; returns itself. Raises ValueError if there is no such parameter."""
        known = self._get_param_names()
        for name, value in params.items():
            if name not in known:
                raise ValueError(f"Invalid parameter {name!r} for {self!r}. Valid parameters are: {known}.")
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        usual = inspect.signature(type(self).__init__).parameters
        said = (
            f"{name}={value!r}"
            for name, value in self.get_params().items()
            if repr(value) != repr(usual[name].default)
        )
        return f"{type(self).__name__}({', '.join(said)})"

    def __sklearn_tags__(self) -> Any:
        from sklearn.base import BaseEstimator

        return BaseEstimator().__sklearn_tags__()


def not_fitted(message: str) -> Exception:
    """Scikit-learn's error about estimators that are not fitted yet."""
    from sklearn.exceptions import NotFittedError

    return NotFittedError(message)  # type: ignore[no-any-return]
