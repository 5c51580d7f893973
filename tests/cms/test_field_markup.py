"""Fields carry the markup of the design, without a word in the form classes."""

import re

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from cms.showcase import SampleForm
from marketplace.core.forms import MoneyField, PickMany
from search.models import Synonym


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


class Picked(forms.Form):
    industries = forms.MultipleChoiceField(
        choices=[
            ("农业", [("1", "A01 农业"), ("2", "A02 林业")]),
            ("制造业", [("3", "C13 食品加工"), ("4", "C19 制鞋")]),
        ],
        widget=PickMany,
    )


def test_of_a_long_list_the_chosen_stand_on_top_and_the_rest_is_folded_by_group():
    html = str(Picked({"industries": ["4", "1"]})["industries"])

    top, *groups = html.split("<details")
    assert [top.index("A01 农业") < top.index("C19 制鞋"), "A02" in top, "C13" in top] == [True, False, False]
    assert top.count("checked") == 2
    assert ["A02 林业" in groups[0], "C13 食品加工" in groups[1]] == [True, True]
    assert ["A01" in groups[0], "C19" in groups[1]] == [False, False]
    assert html.count('type="checkbox" name="industries"') == 4


@pytest.mark.parametrize("blank", ["---", "———", "---------", "—", ""])
def test_the_empty_choice_is_said_in_words_whoever_drew_it_as_dashes(blank):
    class Asked(forms.Form):
        kind = forms.ChoiceField(choices=[("", blank), ("a", "---"), ("b", "<b>")])

    assert re.findall(r"<option[^>]*>(.*?)</option>", str(Asked()["kind"])) == ["尚未选择", "---", "&lt;b&gt;"]


def test_an_empty_choice_with_a_word_of_its_own_keeps_it():
    class Asked(forms.Form):
        firm = forms.ChoiceField(choices=[("", _("independent"))])

    assert re.findall(r"<option[^>]*>(.*?)</option>", str(Asked()["firm"])) == ["独立"]


def test_the_admin_keeps_its_own_widgets():
    class Foreign(forms.Form):
        name = forms.CharField()

    Foreign.__module__ = "wagtail.admin.forms"

    assert 'class="input"' not in str(Foreign()["name"])


def test_no_browser_cuts_what_is_too_long_and_the_field_refuses_it_with_all_that_was_typed():
    html = str(SampleForm({"title": "长" * 31})["title"])

    assert "maxlength" not in html
    assert 'data-longest="30"' in html
    assert "长" * 31 in html
    assert "31" in SampleForm({"title": "长" * 31}).errors["title"][0]


def test_wagtails_own_editors_cut_as_ever():
    made = forms.modelform_factory(Synonym, form=WagtailAdminModelForm, fields=["phrase"])

    field = str(made()["phrase"])

    assert ("maxlength" in field, "data-longest" in field) == (True, False)


class Amounts(forms.Form):
    received = MoneyField(label="到账金额", unit="元")
    technical = MoneyField(label="其中技术部分（万元）", unit="万元")


def test_an_amount_brings_its_unit_unless_the_label_says_it():
    html = Amounts().as_div()

    assert re.findall(r'class="affix">.*?<span>(.*?)</span>', html, re.S) == ["元"]


class WithFile(forms.Form):
    title = forms.CharField()
    evidence = forms.FileField(required=False)


def test_a_file_that_a_page_shown_again_cannot_keep_is_asked_for_again():
    sent = {"evidence": SimpleUploadedFile("沟通记录.pdf", b"%PDF-1.4 x\n%%EOF\n")}
    again, beside_another, without = WithFile({}, sent), WithFile({"title": "x"}, sent), WithFile({})

    for form in (again, beside_another):
        assert '<div id="id_evidence_error" data-file-lost><p class="error">' in form.as_div()
        assert "请重新选择文件" in form.as_div()
        assert re.search(r'<input[^>]*name="evidence"[^>]*aria-describedby="[^"]*id_evidence_error', form.as_div())
    assert "请重新选择文件" not in without.as_div()
    assert "请重新选择文件" not in WithFile().as_div()
