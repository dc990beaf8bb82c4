namespace Imputation.Tests.Fuzzing;

/// <summary>Damage that knows nothing of the format.</summary>
internal static class ByteMutator
{
    /// <summary>One change at or behind a place.</summary>
    public static void Mutate(Random random, List<byte> bytes, int from = 0)
    {
        if (bytes.Count <= from) return;
        int at = random.Next(from, bytes.Count), length = Math.Min(random.Next(1, 12), bytes.Count - at);
        switch (random.Next(9))
        {
            case 0:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                bytes[at] = (byte[])[0, 0x7F, 0x80, 0xFF] is var edges ? edges[random.Next(4)] : default;
                break;
            case 3:
                bytes.Insert(at, (byte)random.Next(256));
                break;
            case 4:
                bytes.RemoveRange(at, length);
                break;
            case 5:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 6:
                bytes[at] += (byte)random.Next(1, 3);
                break;
            case 7:
                for (int i = at; i < at + length; i++) bytes[i] = 0xFF; // a length, or a number of many bytes
                break;
            default:
                if (random.Next(4) == 0) bytes.RemoveRange(at, bytes.Count - at);
                else (bytes[at], bytes[from]) = (bytes[from], bytes[at]);
                break;
        }
    }
}
