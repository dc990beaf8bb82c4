using System.Text;
using Imputation.Files;

namespace Imputation.Tests.Files.Codebooks;

/// <summary>Codebooks of other formats, as texts.</summary>
internal static class Dictionaries
{
    /// <summary>The header of the file that REDCap offers.</summary>
    public const string Header = "\"Variable / Field Name\",\"Form Name\",\"Section Header\",\"Field Type\",\"Field Label\",\"Choices, "
        + "Calculations, OR Slider Labels\",\"Field Note\",\"Text Validation Type OR Show Slider Number\",\"Text Validation Min\","
        + "\"Text Validation Max\",Identifier?,\"Branching Logic (Show field only if...)\",\"Required Field?\",\"Custom Alignment\","
        + "\"Question Number (surveys only)\",\"Matrix Group Name\",\"Matrix Ranking?\",\"Field Annotation\"\n";

    /// <summary>The header of the API's metadata.</summary>
    public const string ApiHeader = "field_name,form_name,section_header,field_type,field_label,select_choices_or_calculations,field_note,"
        + "text_validation_type_or_show_slider_number,text_validation_min,text_validation_max,identifier,branching_logic,required_field,"
        + "custom_alignment,question_number,matrix_group_name,matrix_ranking,field_annotation\n";

    /// <summary>A clinic's visit.</summary>
    public const string Clinic = Header + """"
        record_id,demographics,,text,"Record ID",,,,,,,,,,,,,
        dob,demographics,"<b>About you</b>",text,"Date of birth",,"From the passport",date_ymd,1900-01-01,2010-12-31,y,,y,,,,,
        sex,demographics,,radio,"<div class=""rich-text""><b>Sex</b> &amp; gender
        at birth</div>","1, Male | 2, Female",,,,,,,y,RH,,,,
        age,demographics,,text,"Age, in years",,,integer,18,99,,,,,,,,
        pregnant,demographics,,yesno,"Pregnant now?",,,,,,,"[sex] = '2' and [age] < 50",,,,,,
        weeks,demographics,,text,"Weeks of pregnancy",,,integer,0,45,,"[pregnant] = ""1""",,,,,,
        smoke,habits,,dropdown,Smoking,"0, Never, not once | 1, Former | 2, Current | 9, Don't know",,,,,,,,,,,,
        kinds,habits,,checkbox,"What kinds?","1, Cigarettes | -2, Pipe | X, Other",,,,,,"[smoke] = '1' or [smoke] = '2'",,,,,,
        pipe_years,habits,,text,"Years with a pipe",,,number,0,,,[kinds(-2)] = '1',,,,,,
        quit,habits,,text,"Year of quitting",,,number,,,,"datediff([dob], 'today', 'y') > 30",,,,,,
        reading,habits,,descriptive,"Please read this.",,,,,,,[sex] = '1',,,,,,
        height,habits,,text,Height,,,number_1dp,100,220,,,,,,,,
        weight,habits,,text,Weight,,,number_1dp_comma_decimal,"30,5",250,,,,,,,,
        bmi,habits,,calc,BMI,[weight] / ([height]/100)^2,,,,,,,,,,,,
        bmi_round,habits,,calc,BMI,"roundup([bmi], 1)",,,,,,,,,,,,
        pain,habits,,slider,Pain,none | some | much,,number,,,,,,,,,,
        region,habits,,radio,Region,"N, North | S, South | 01, Abroad",,,,,,,,,,,,
        remarks,habits,,notes,Remarks,,,,,,,,,,,,,
        site,habits,,sql,Site,select value from sites,,,,,,,,,,,,
        since,habits,,text,"Here since",,,,,,,,,,,,,@DEFAULT='now' @HIDDEN
        """";

    /// <summary>A survey of an archive.</summary>
    public const string Survey = """
        <?xml version="1.0" encoding="UTF-8"?>
        <codeBook version="2.5" xmlns="ddi:codebook:2_5" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
          <stdyDscr><stdyInfo><sumDscr><universe>All residents</universe></sumDscr></stdyInfo></stdyDscr>
          <dataDscr>
            <varGrp ID="VG1" var="V1 V2"><labl>Household</labl></varGrp>
            <var ID="V1" name="caseid" files="F1" intrvl="contin"><labl>Case number</labl></var>
            <var ID="V2" name="health" files="F1" nature="ordinal" intrvl="discrete">
              <labl level="variable">General
                health</labl>
              <invalrng><item UNITS="INT" VALUE="-9"/><range UNITS="INT" min="7" max="8"/></invalrng>
              <universe>All respondents</universe>
              <catgry><catValu>3</catValu><labl level="category">Poor</labl><catStat type="freq">12</catStat></catgry>
              <catgry><catValu>1</catValu><labl>Good</labl><catStat type="freq">512</catStat></catgry>
              <catgry><catValu>2</catValu><labl>Fair</labl></catgry>
              <catgry missing="Y"><catValu>9</catValu><labl>Refused</labl></catgry>
              <catgry><catValu>8</catValu><labl>Don&#8217;t know</labl></catgry>
              <catgry missing="Y"><catValu>Sysmiss</catValu></catgry>
              <varFormat type="numeric" schema="other"/>
            </var>
            <var ID="V3" name="employed" files="F1" intrvl="discrete">
              <qstn><preQTxt>Now work.</preQTxt><qstnLit>Do you have a job?</qstnLit><forward qstn="V4">If no, go to V5.</forward></qstn>
              <catgry><catValu>1</catValu><labl>Yes</labl></catgry><catgry><catValu>2</catValu><labl>No</labl></catgry>
            </var>
            <var ID="V4" name="hours" files="F1" nature="ratio">
              <labl>Hours a week</labl>
              <valrng><range min="1" max="99"/></valrng>
              <universe>Respondents with a job</universe>
              <catgry missing="Y"><catValu>-1</catValu><labl>Inapplicable</labl></catgry>
              <catgry missing="Y" missType="inap"><catValu>-2</catValu><labl>Student</labl></catgry>
            </var>
            <var ID="V5" name="income" files="F1">
              <labl>Income</labl>
              <invalrng><range UNITS="REAL" max="-0.5"/></invalrng>
              <universe>Respondents with a job</universe>
              <derivation><drvdesc>Sum of the items in V6.</drvdesc></derivation>
              <codInstr>999999 = N.I.U.</codInstr>
            </var>
            <var ID="V6" name="trust" files="F1">
              <labl>Trust, 0 to 10</labl><valrng><range min="0" max="10"/></valrng>
              <catgry><catValu>0</catValu><labl>None</labl></catgry><catgry><catValu>10</catValu><labl>Full</labl></catgry>
            </var>
            <var ID="V7" name="region" files="F1">
              <catgry><catValu>N</catValu><labl>North</labl></catgry><catgry><catValu>S</catValu><labl>South</labl></catgry>
              <catgry><catValu>X</catValu><labl>Not stated</labl></catgry><varFormat type="character"/>
            </var>
            <var ID="V8" name="w" files="F1" wgt="wgt"><labl>Weight</labl></var>
            <var ID="V9" name="caseid" files="F2"><labl>Case number again</labl></var>
          </dataDscr>
        </codeBook>
        """;

    public static Codebook Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    public static Codebook Read(byte[] bytes) => CodebookFile.Read(new MemoryStream(bytes), "the file");

    /// <summary>A dictionary of a record number and some rows of name, type, choices, validation and logic, by semicolons.</summary>
    public static Codebook Redcap(params string[] rows) => Read(
        "Field Type;Variable / Field Name;Choices, Calculations, OR Slider Labels;"
        + "Text Validation Type OR Show Slider Number;Branching Logic (Show field only if...)\ntext;id;;;\n"
        + string.Join('\n', rows.Select(row => row.Split(';') is var c ? string.Join(';', [c[1], c[0], .. c[2..]]) : row)));

    public static Finding Finding(this Codebook codebook, string code) => Assert.Single(codebook.Findings, f => f.Code == code);
}
