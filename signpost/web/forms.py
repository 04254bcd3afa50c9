"""The site's only form: a question's answers as radio buttons."""

from __future__ import annotations

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import RadioField
from wtforms.form import BaseForm
from wtforms.validators import InputRequired

from signpost.i18n.locales import current_arguments
from signpost.models.journey import Answer, Question


class AnswerForm(FlaskForm):
    """One answer to one question. Sent by GET and changes nothing, so it needs no CSRF token."""

    class Meta:
        csrf = False

        def get_translations(self, form: BaseForm) -> None:
            """Returns None: the page has its own text for every error, and the library would read a file for each form."""

    # The question looks up whether it is one of its answers. The library would make an object for each of them first.
    answer = RadioField(validators=[InputRequired()], validate_choice=False)

    def __init__(self, question: Question) -> None:
        super().__init__(formdata=MultiDict(current_arguments()))
        self.question = question

    def chosen(self) -> Answer | None:
        """The chosen answer, or None if none was chosen or it is not one of the question's answers."""
        return self.question.answer(self.answer.data) if self.validate() else None
