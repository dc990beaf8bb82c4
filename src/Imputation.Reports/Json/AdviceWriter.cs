using System.Text.Json;
using Imputation.Files.Json;

namespace Imputation.Reports.Json;

/// <summary>The advice on the number of imputations as JSON.</summary>
internal static class AdviceWriter
{
    /// <summary>A member "advice"; null if it cannot be computed.</summary>
    public static void Write(Utf8JsonWriter json, ImputationCountAdvice? advice)
    {
        if (advice is null)
        {
            json.WriteNull("advice");
            return;
        }
        JsonText.Line(json, "advice", line =>
        {
            line.WriteStartObject();
            line.WriteNumber("recommended", advice.RecommendedCount);
            line.WriteString("quantity", advice.Quantity);
            line.WriteString("column", advice.Column);
            JsonText.Number(line, "fractionOfMissingInformation", advice.Fraction);
            JsonText.Number(line, "upper95", advice.UpperFraction);
            JsonText.Number(line, "variation", advice.Variation);
            JsonText.Number(line, "presentVariation", advice.PresentVariation);
            line.WriteEndObject();
        });
    }
}
