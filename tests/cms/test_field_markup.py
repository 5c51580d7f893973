"""Fields carry the markup of the design, without a word in the form classes."""

from django import forms

from cms.showcase import SampleForm


def test_an_error_is_tied_to_its_input():
    form = SampleForm({"low": "180", "title": "x"})

    html = form.as_div()

    assert 'id="id_low" class="input"' in html or 'class="input" id="id_low"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_low_error"' in html
    assert '<div id="id_low_error">' in html


def test_help_is_tied_to_its_input_and_optional_is_marked():
    html = SampleForm().as_div()

    assert 'aria-describedby="id_title_helptext"' in html
    assert html.count('class="opt"') == 4


def test_choices_are_named_once():
    html = str(SampleForm()["modes"])

    assert html.count("<input") == 3
    assert html.count("<label") == 3


def test_the_admin_keeps_its_own_widgets():
    class Foreign(forms.Form):
        name = forms.CharField()

    Foreign.__module__ = "wagtail.admin.forms"

    assert 'class="input"' not in str(Foreign()["name"])
